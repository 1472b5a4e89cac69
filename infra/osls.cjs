// What serverless.yml takes from TypeScript. osls loads CommonJS only; Node.js runs the rest as it is.
const { settings } = require("./parameters/settings.ts");
const { alarms } = require("./alarms.ts");
const { dashboard } = require("./dashboard.ts");
const { functionOptions } = require("./function-options.ts");

module.exports = { settings, alarms, dashboard, functionOptions };
