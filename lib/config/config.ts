/** Everything that can be set, parsed once. */
export interface Config {
  readonly port: PortConfig;
  /** Absent when no Bitbucket is configured: the live path then does without it. */
  readonly bitbucket: BitbucketConfig | undefined;
  /** Project keys that are wanted; empty = all. */
  readonly projects: readonly string[];
  /** Whether personal projects are wanted, all of them, beside those. */
  readonly personalProjects: boolean;
  /** `default`, `port-docs`, or the path of a mapping file. */
  readonly mapping: string;
  /** The pull requests that a backfill lists; undefined = the mapping says. */
  readonly pullRequestState: PullRequestState | undefined;
  /** Deletions above this share of a scope (percent) are withheld. */
  readonly maxDeletePercent: number;
  /** Whether webhooks belong to repositories rather than to projects; undefined = Bitbucket's version says. */
  readonly webhooksPerRepository: boolean | undefined;
  /** Absent when no files are looked for. */
  readonly gitops: GitopsConfig | undefined;
}

/** Entities from files in the repositories. */
export interface GitopsConfig {
  /** Globs of the files' paths. */
  readonly files: readonly string[];
  /** Blueprints that the files may write; empty = all but the protected ones. */
  readonly blueprints: readonly string[];
}

export const pullRequestStates = ["ALL", "OPEN", "MERGED", "DECLINED"] as const;
export type PullRequestState = (typeof pullRequestStates)[number];

export interface PortConfig {
  /** Ends in `/v1`, without a slash behind. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface BitbucketConfig {
  /** Base URL with its context path, without a slash behind. */
  readonly host: string;
  /** The value of the `Authorization` header. */
  readonly authorization: string;
  /** Calls under way at once. */
  readonly concurrency: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;
