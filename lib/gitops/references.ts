import type { PortClient } from "../port/client.ts";
import { readReferences } from "./records.ts";

/** Which files definitions refer to, by Bitbucket's number of their repository. */
export interface References {
  /** @throws RequestError */
  of(repositoryId: string): Promise<ReadonlySet<string>>;
}

/** For so long, in ms, they are taken to be as they were: a reference that came since is read with its definition. */
const maxAgeMs = 60_000;
const none: ReadonlySet<string> = new Set();

/** One search for all repositories in a while, so that a push that touches no definition asks Port for nothing. */
export function createReferences(port: PortClient, now = () => Date.now()): References {
  let known:
    | { readonly at: number; readonly read: Promise<ReadonlyMap<string, ReadonlySet<string>>> }
    | undefined;

  async function readAll(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const byRepository = Map.groupBy(await readReferences(port), ({ repositoryId }) => repositoryId);
    return new Map([...byRepository].map(([id, own]) => [id, new Set(own.flatMap((it) => it.references))]));
  }

  return {
    async of(repositoryId) {
      if (known === undefined || now() - known.at >= maxAgeMs) {
        const read = readAll();
        known = { at: now(), read };
        read.catch(() => {
          known = undefined;
        });
      }
      return (await known.read).get(repositoryId) ?? none;
    },
  };
}
