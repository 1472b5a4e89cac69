// Lets infra/finish.ts have the last word about the template, before osls writes it.
module.exports = class TemplateFinisher {
  constructor(serverless) {
    const { service } = serverless;
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": () => {
        const { finishTemplate } = require("./finish.ts");
        const provider = serverless.getProvider("aws");
        const stage = provider.getStage();
        const stack = {
          ...service.custom.settings,
          region: provider.getRegion(),
          prefix: `${service.service}-${stage}`,
          stage,
        };
        finishTemplate(service.provider.compiledCloudFormationTemplate, stack);
      },
    };
  }
};
