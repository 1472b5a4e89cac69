const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

// Lets infra/finish.ts have the last word about the template, before osls writes it, and writes down beside it what
// somebody needs who deploys it.
module.exports = class TemplateFinisher {
  constructor(serverless) {
    const { service } = serverless;
    const template = () => service.provider.compiledCloudFormationTemplate;
    const stack = () => {
      const provider = serverless.getProvider("aws");
      const stage = provider.getStage();
      const own = { region: provider.getRegion(), prefix: `${service.service}-${stage}`, stage };
      return { ...service.custom.settings, ...own };
    };
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": () => {
        require("./finish.ts").finishTemplate(template(), stack());
      },
      "after:aws:package:finalize:saveServiceState": () => {
        const { deployerPolicies } = require("./deployer-policy.ts");
        const { formatPolicy } = require("./deployer/format.ts");
        const folder = service.package.path || join(serverless.serviceDir, ".serverless");
        for (const [name, policy] of Object.entries(deployerPolicies(template().Resources, stack()))) {
          writeFileSync(join(folder, `${name}.json`), formatPolicy(policy));
        }
      },
    };
  }
};
