import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("302", {
  17: "not looked into yet",
  18: "not looked into yet",
  19: "not looked into yet",
  20: "not looked into yet",
  21: "not looked into yet",
  22: "not looked into yet",
  23: "not looked into yet",
  24: "not looked into yet",
});
