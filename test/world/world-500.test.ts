import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("500", {
  25: "a name taken over keeps its predecessor's pull requests",
  26: "a leaver whom pull requests name is deleted",
  27: "a moved repository stops its project's backfill",
  28: "a moved repository stops its project's backfill",
  29: "a leaver whom pull requests name is deleted",
  30: "an older event of a repository wins",
  31: "events of a moved repository never end",
  32: "an older review takes people away",
});
