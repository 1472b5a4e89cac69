import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("404", {
  1: "not looked into yet",
  2: "not looked into yet",
  3: "not looked into yet",
  4: "not looked into yet",
  5: "not looked into yet",
  6: "not looked into yet",
  7: "not looked into yet",
  8: "not looked into yet",
});
