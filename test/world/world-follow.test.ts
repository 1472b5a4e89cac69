import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("follow", {
  9: "not looked into yet",
  10: "not looked into yet",
  11: "not looked into yet",
  12: "not looked into yet",
  13: "not looked into yet",
  14: "not looked into yet",
  15: "not looked into yet",
  16: "not looked into yet",
});
