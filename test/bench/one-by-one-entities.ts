/** The fields of Bitbucket's objects that a hand-written import looks at. */
interface Linked {
  readonly links: { readonly self: readonly { readonly href: string }[] };
}
export interface User extends Linked {
  readonly name: string;
  readonly displayName: string;
  readonly emailAddress?: string;
}
export interface Project extends Linked {
  readonly key: string;
  readonly name: string;
  readonly description?: string;
  readonly public: boolean;
  readonly type: string;
}
export interface Repository extends Linked {
  readonly slug: string;
  readonly name: string;
  readonly description?: string;
  readonly state: string;
  readonly forkable: boolean;
  readonly public: boolean;
  readonly project: Project;
}
export interface PullRequest extends Linked {
  readonly id: number;
  readonly title: string;
  readonly description?: string;
  readonly state: string;
  /** Dates are epoch ms. */
  readonly createdDate: number;
  readonly updatedDate: number;
  readonly fromRef: { readonly displayId: string };
  readonly toRef: { readonly displayId: string; readonly repository: Repository };
  readonly author: { readonly user: User };
  readonly reviewers: readonly { readonly user: User }[];
  readonly participants: readonly { readonly user: User }[];
}
export interface Extras {
  /** Absent where there is no README. */
  readonly readme: { readonly lines: readonly { readonly text: string }[] } | undefined;
  readonly commitAuthor: { readonly emailAddress?: string } | undefined;
}

export function userEntity(user: User): object {
  const properties = { username: user.name, url: link(user) };
  return { identifier: user.emailAddress ?? user.name, title: user.displayName, properties };
}

export function projectEntity({ key, name, ...project }: Project): object {
  const { description, type } = project;
  const properties = { description, public: project.public, type, link: link(project) };
  return { identifier: key, title: name, properties };
}

export function repositoryEntity(repository: Repository, { readme, commitAuthor }: Extras): object {
  const { name, description, state, forkable, project } = repository;
  const documentation = readme?.lines.map(({ text }) => `${text}\n`).join("");
  return {
    identifier: nameOf(repository),
    title: name,
    properties: {
      description,
      state,
      forkable,
      public: repository.public,
      link: link(repository),
      documentation,
    },
    relations: { project: project.key, latestCommitAuthor: commitAuthor?.emailAddress },
  };
}

export function pullRequestEntity(pull: PullRequest): object {
  const repository = nameOf(pull.toRef.repository);
  const { title, description, state, author, reviewers, participants } = pull;
  return {
    identifier: `${repository}/${pull.id}`,
    title,
    properties: {
      created_on: new Date(pull.createdDate).toISOString(),
      updated_on: new Date(pull.updatedDate).toISOString(),
      description,
      state,
      owner: author.user.displayName,
      link: link(pull),
      destination: pull.toRef.displayId,
      source: pull.fromRef.displayId,
      reviewers: reviewers.map(({ user }) => user.emailAddress ?? user.name),
    },
    relations: { repository, participants: participants.map(({ user }) => user.emailAddress ?? user.name) },
  };
}

function nameOf({ project, slug }: Repository): string {
  return `${project.key}/${slug}`;
}

function link({ links }: Linked): string | undefined {
  return links.self[0]?.href;
}
