import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("404", {
  1: "a late event makes a renamed repository anew",
  2: "a name taken over keeps its predecessor's pull requests",
  3: "a late event makes a former identity anew",
  4: "an older review takes people away",
  5: "a backfill of a project that is gone never ends",
  6: "a leaver whom pull requests name is deleted",
  7: "a project that is gone stays with all beneath it",
  8: "an older event of a repository wins",
});
