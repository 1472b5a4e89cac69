import { liveThrough } from "./seeds.ts";

// Beside all that happens in the other worlds.
liveThrough("404", { 41: "a personal project's repositories are never looked at" }, { kind: "personal" });
liveThrough("follow", { 42: "a personal project that moved stays" }, { kind: "personal" });
liveThrough("404", { 43: "a broken repository costs its neighbours" }, { kind: "broken" });
liveThrough("404", { 44: "nobody's answers are taken for the truth" }, { kind: "nobody" });
// Whatever a dead container had at hand is hidden for six times a backfill's time: an hour and a half.
const patienceMs = 3 * 3_600_000;
liveThrough("404", { 45: "a container dies in the middle" }, { crashes: 0.03, patienceMs });
