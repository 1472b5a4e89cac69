import { createHash } from "node:crypto";
import type { BitbucketClient } from "../bitbucket/client.ts";
import type { GitopsConfig } from "../config/config.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { PortClient } from "../port/client.ts";
import type { Counts } from "../sync/counts.ts";
import { createBlueprints } from "./blueprints.ts";
import type { GitopsContext, GitopsSettings } from "./context.ts";
import { definitionMatcher } from "./paths.ts";

/** Goes up when files that did not change are to be read again. */
const version = 1;

/** What syncing definition files works with; undefined where that is switched off, or no Bitbucket is configured. */
export function createGitops(
  config: GitopsConfig | undefined,
  { bitbucket, port, mapper, counts, dryRun = false, report }: Surroundings,
): GitopsContext | undefined {
  if (config === undefined || bitbucket === undefined) return undefined;
  return {
    bitbucket,
    port,
    mapper,
    settings: settingsOf(config),
    blueprints: createBlueprints(port),
    mapped: mapper.filled(),
    dryRun,
    count(kind, figure) {
      const own = counts?.[kind];
      if (own !== undefined) own[figure]++;
    },
    ...(report && { report }),
  };
}

interface Surroundings extends Pick<GitopsContext, "report" | "dryRun"> {
  readonly bitbucket: BitbucketClient | undefined;
  readonly port: PortClient;
  readonly mapper: Mapper;
  /** Added to as the work goes on. */
  readonly counts?: Counts;
}

function settingsOf({ files, blueprints }: GitopsConfig): GitopsSettings {
  const text = JSON.stringify([version, files.toSorted(), blueprints.toSorted()]);
  return {
    isDefinition: definitionMatcher(files),
    blueprints: new Set(blueprints),
    hash: createHash("sha256").update(text).digest("hex").slice(0, 16),
  };
}
