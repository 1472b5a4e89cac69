import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("follow", {
  9: "people under two addresses",
  10: "a calm one",
  11: "a resync that ends before its projects are read",
  12: "a backfill that lists projects before one is renamed",
  13: "a resync that ends before its projects are read",
  14: "a calm one",
  15: "leavers whom a text names",
  16: "a leaver who is called like somebody who stays",
});
