// Stops a deployment without a word about Bitbucket: it would run, and fail at its first resync. Packaging goes on, so
// that the template can be looked at without a Bitbucket at hand.
module.exports = class DeployGuard {
  constructor(serverless) {
    this.hooks = {
      initialize: () => {
        const { service, processedInput, classes } = serverless;
        const [command, subcommand] = processedInput.commands;
        const deploys = command === "deploy" && subcommand !== "list";
        if (!deploys || service.custom.settings.bitbucketHost !== undefined) return;
        throw new classes.Error(
          "bitbucketHost is not set: give --param bitbucketHost=https://bitbucket.example.org, " +
            "or none for a stack that only takes events",
          "BITBUCKET_HOST_MISSING",
        );
      },
    };
  }
};
