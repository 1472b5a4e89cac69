/** A path as Bitbucket takes it apart. */
export function pathJson(path: string, withText: boolean) {
  const components = path === "" ? [] : path.split("/");
  const name = components.at(-1) ?? "";
  const dot = name.lastIndexOf(".");
  return {
    components,
    parent: components.slice(0, -1).join("/"),
    name,
    ...(dot <= 0 ? {} : { extension: name.slice(dot + 1) }),
    ...(withText ? { toString: path } : {}),
  };
}
