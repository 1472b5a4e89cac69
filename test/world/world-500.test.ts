import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("500", {
  25: "people under two addresses",
  26: "leavers whom a text names",
  27: "a project that is renamed while one of its repositories is read",
  28: "a backfill that lists projects before one is renamed",
  29: "people under two addresses",
  30: "leavers whom a text names",
  31: "an address that changes while people are listed",
  32: "a calm one",
});
