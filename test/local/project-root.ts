import { fileURLToPath } from "node:url";

/** The folder that holds serverless.yml. */
export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));
