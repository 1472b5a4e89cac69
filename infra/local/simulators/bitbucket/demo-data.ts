import { addProject, addRepository, addUser, branch, emptyData, hash } from "./building.ts";
import { copyOf } from "./git.ts";
import type { BitbucketData, Commit, Participant, Project, PullRequest, Repository, User } from "./model.ts";

export type DemoSizes = {
  /** Beside the personal one. */
  readonly projects?: number;
  /** Unless given, 2 or 3, the last of which has no commits. */
  readonly repositoriesPerProject?: number;
  readonly pullRequestsPerRepository?: number;
  readonly users?: number;
};

const minute = 60_000;
/** 2023-11-16T10:58:00.533Z, when the demo's best-known pull request was opened. */
const start = 1_700_132_280_533;
const people = ["Test User", "Ada Birch", "Bo Cedar", "Cleo Dogwood", "Dev Elm", "Build Robot"];
const projects = [
  { key: "MOPP", name: "My On Prem Project", description: "Everything about data, on premises" },
  { key: "SHOP", name: "Paper Shop" },
];
const repositories = ["data analyses", "pipeline tools", "drawing board"];
const titles = ["add a first draft", "lint code", "try another colour", "sort the shelves", "count twice"];
const states = ["OPEN", "MERGED", "DECLINED", "OPEN", "MERGED"] as const;

/** A made-up Bitbucket, the same every time. */
export function demoData(sizes: DemoSizes = {}): BitbucketData {
  const data = emptyData();
  for (let index = 0; index < (sizes.users ?? people.length); index++) addPerson(data, index);
  const owner = data.users[1] ?? data.users[0];
  for (let index = 0; index < (sizes.projects ?? projects.length); index++) {
    const known = projects[index] ?? { key: `PRJ${index + 1}`, name: `Project ${index + 1}` };
    const project = addProject(data, { ...known, public: index % 2 === 1 });
    const count = sizes.repositoriesPerProject ?? 2;
    for (let at = 0; at < count; at++) fill(data, addDemoRepository(data, project, at), sizes);
    if (sizes.repositoriesPerProject === undefined && index === 1)
      addRepository(data, project, { name: "drawing board" });
  }
  if (owner !== undefined) addPersonalFork(data, owner);
  return data;
}

function addPerson(data: BitbucketData, index: number): void {
  const displayName = people[index] ?? `Person ${index + 1}`;
  const slug = index === 0 ? "admin" : displayName.toLowerCase().replaceAll(" ", ".");
  const isRobot = index === 5;
  const email = isRobot ? {} : { emailAddress: `${slug}@example.org` };
  addUser(data, { name: slug, slug, displayName, type: isRobot ? "SERVICE" : "NORMAL", ...email });
}

function addDemoRepository(data: BitbucketData, project: Project, index: number): Repository {
  const name = repositories[index] ?? `repository ${index + 1}`;
  const described = index % 2 === 0 ? { description: `All that belongs to ${name}` } : {};
  const repository = addRepository(data, project, { name, public: project.public, ...described });
  if (index % 2 === 0) repository.files.set("README.md", readme(project, name));
  repository.commits = [2, 1, 0].map((age): Commit => {
    const author = data.users[age] ?? { name: "somebody", emailAddress: "somebody@example.org" };
    const timestamp = start - (3 - age) * minute;
    return { id: hash(`${repository.id} ${age}`), message: `Commit ${age + 1}`, author, timestamp };
  });
  return repository;
}

function readme(project: Project, name: string): string {
  return `# ${name}\n\nPart of ${project.name}.\n`;
}

function fill(data: BitbucketData, repository: Repository, sizes: DemoSizes): void {
  for (let id = 1; id <= (sizes.pullRequestsPerRepository ?? 5); id++) {
    repository.pullRequests.set(id, demoPullRequest(data.users, repository, id));
  }
}

/** The second one of each repository is merged, from `dev` to `main`, at the version and time of a known event. */
function demoPullRequest(users: readonly User[], repository: Repository, id: number): PullRequest {
  const state = states[(id - 1) % states.length] ?? "OPEN";
  const createdDate = start + (id - 2) * 10 * minute;
  const updatedDate = state === "OPEN" ? createdDate + (id % 7) * minute : createdDate + 341_493;
  const title = titles[(id - 1) % titles.length] ?? "change";
  const closed = state === "OPEN" ? {} : { closedDate: updatedDate };
  const merged = state === "MERGED" ? { mergeCommit: hash(`merge ${repository.id} ${id}`) } : {};
  const described = id % 3 === 0 ? {} : { description: `Here is why: ${title}.` };
  const [author, reviewer, other] = [0, 1, 2].map(
    (step) => users[(step + (id === 2 ? 0 : id)) % users.length],
  );
  return {
    id,
    version: state === "OPEN" ? id % 3 : 2,
    title: id <= titles.length ? title : `${title} (${id})`,
    ...described,
    state,
    createdDate,
    updatedDate,
    ...closed,
    fromRef: branch(repository, id === 2 ? "dev" : `feature/${id}`),
    toRef: branch(repository, "main"),
    author: taking("AUTHOR", author),
    reviewers: id === 2 || reviewer === undefined ? [] : [taking("REVIEWER", reviewer, state === "MERGED")],
    participants: id % 4 === 0 && other !== undefined ? [taking("PARTICIPANT", other)] : [],
    ...merged,
  };
}

function taking(role: Participant["role"], user: User | undefined, approved = false): Participant {
  if (user === undefined) throw new Error("the demo data needs at least one user");
  return { user, role, status: approved ? "APPROVED" : "UNAPPROVED" };
}

/** A personal project with a fork, from which one pull request of the original comes. */
function addPersonalFork(data: BitbucketData, owner: User): void {
  const key = `~${owner.slug.toUpperCase()}`;
  const personal = addProject(data, { key, name: owner.displayName, type: "PERSONAL", owner });
  const origin = data.projects.values().next().value?.repositories.values().next().value;
  if (origin === undefined || origin.project === personal) return;
  const { name, git, defaultBranch } = origin;
  const fork = addRepository(data, personal, { name, origin, git: copyOf(git), defaultBranch });
  const pull = origin.pullRequests.get(4);
  if (pull !== undefined) pull.fromRef = branch(fork, pull.fromRef.displayId);
}
