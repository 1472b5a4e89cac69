import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("follow", {
  9: "a leaver whom pull requests name is deleted",
  10: "an older event of a repository wins",
  11: "what was renamed unheard stays",
  12: "an older review takes people away",
  13: "a late event makes a former identity anew",
  14: "what was renamed unheard stays",
  15: "a late event makes a renamed repository anew",
  16: "an older review takes people away",
});
