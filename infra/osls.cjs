// What serverless.yml takes from TypeScript. osls loads CommonJS only; Node.js runs the rest as it is, from 22.18 on.
if (!process.features.typescript) {
  throw new Error(
    `Node.js ${process.version} cannot read TypeScript: call osls by npx, which takes this project's own`,
  );
}
const { settings } = require("./parameters/settings.ts");
const { alarms } = require("./alarms.ts");
const { dashboard } = require("./dashboard.ts");
const { functionOptions } = require("./function-options.ts");

module.exports = { settings, alarms, dashboard, functionOptions };
