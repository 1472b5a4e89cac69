import type { PortClient } from "./client.ts";

/** The same client, but for its writes: they succeed without being made. */
export function withoutWrites(port: PortClient): PortClient {
  return {
    ...port,
    upsert: async (_blueprint, entities) => entities.map(() => ({ ok: true, created: false })),
    delete: async () => true,
    deleteMany: async () => {},
  };
}
