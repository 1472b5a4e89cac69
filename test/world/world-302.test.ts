import { liveThrough } from "./seeds.ts";

// Every seed that ever failed stays here, with its cause as its name.
liveThrough("302", {
  17: "a person who is erased",
  18: "a repository that is renamed while it is read",
  19: "people under two addresses",
  20: "a leaver who is named by nothing but a text",
  21: "leavers whom a text names",
  22: "a push while a repository is renamed",
  23: "an event of long ago knows people by an old address",
  24: "an event of long ago knows people by an old address",
});
