import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("500", {
  25: "not looked into yet",
  26: "not looked into yet",
  27: "not looked into yet",
  28: "not looked into yet",
  29: "not looked into yet",
  30: "not looked into yet",
  31: "not looked into yet",
  32: "not looked into yet",
});
