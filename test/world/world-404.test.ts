import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("404", {
  1: "leavers whom a text names",
  2: "an event of long ago knows people by an old address",
  3: "an event of long ago knows people by an old address",
  4: "a calm one",
  5: "leavers whom a text names",
  6: "a consumer writes what it decided on before a backfill wrote",
  7: "leavers with two entities",
  8: "an event of long ago knows people by an old address",
});
