import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Closers } from "../../infra/local/closers.ts";
import { field } from "../../lib/bitbucket/objects.ts";
import { restAddress } from "../../lib/bitbucket/path.ts";
import type { JsonObject } from "../../lib/json.ts";
import type { Life } from "./workload.ts";

/** A Bitbucket that is where the lives have come to. */
export interface ToldBitbucket {
  readonly url: string;
  calls(): number;
}

export async function startToldBitbucket(
  lives: readonly Life[],
  delayMs: number,
  closers: Closers,
): Promise<ToldBitbucket> {
  const objects = new Map<string, JsonObject>();
  for (const { events } of lives) {
    const pullRequest = field(events.at(-1), "pullRequest") as JsonObject;
    const repository = field(field(pullRequest, "toRef"), "repository") as JsonObject;
    const project = repository["project"] as JsonObject;
    const path = `${String(project["key"])}/${String(repository["slug"])}`;
    objects.set(`${path}/${String(pullRequest["id"])}`, pullRequest);
    objects.set(path, repository);
    objects.set(String(project["key"]), project);
  }
  let calls = 0;
  const server = createServer(async (request, response) => {
    calls++;
    await wait(delayMs);
    const address = restAddress(`http://bitbucket${request.url ?? ""}`);
    const name =
      address === undefined
        ? ""
        : [address.key, "slug" in address ? address.slug : [], "id" in address ? address.id : []]
            .flat()
            .join("/");
    const object = objects.get(name);
    response.writeHead(object === undefined ? 404 : 200, {
      "content-type": "application/json",
      "x-ausername": "bench",
    });
    response.end(JSON.stringify(object ?? { errors: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.add(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls: () => calls };
}
