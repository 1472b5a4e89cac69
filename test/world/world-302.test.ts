import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("302", {
  17: "a redirect stops whatever asks",
  18: "a late event makes a former identity anew",
  19: "events of a moved repository never end",
  20: "a leaver whom pull requests name is deleted",
  21: "a redirect stops whatever asks",
  22: "an older event of a repository wins",
  23: "new users stay unknown",
  24: "an older review takes people away",
});
