import pkg from "../package.json" with { type: "json" };

/** What Port shows as an entity's data source, and Bitbucket in its access log. */
export const userAgent = `${pkg.name}/${pkg.version}`;
