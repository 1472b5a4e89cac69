import { randomUUID } from "node:crypto";

/** The values of a secret by their stage. */
export interface SecretStages {
  readonly AWSCURRENT?: string | undefined;
  readonly AWSPREVIOUS?: string | undefined;
}

/** One version of a secret. */
export interface Version {
  readonly id: string;
  readonly value: string;
  /** Epoch ms. */
  readonly createdAt: number;
}

interface Secret {
  readonly versions: Map<string, Version>;
  /** Version ids by stage. */
  readonly stages: Map<string, string>;
}

/** Secrets with their versions, as Secrets Manager keeps them. */
export interface SecretStore {
  /** Replaces everything that there is of a secret. */
  replace(secretId: string, stages: SecretStages, createdAt: number): void;
  has(secretId: string): boolean;
  read(secretId: string, stage: string): Version | undefined;
  stagesOf(secretId: string, versionId: string): string[];
  /** Adds a version and makes it the current one; undefined when its id stands for another value. */
  add(secretId: string, version: Version): Version | undefined;
}

/** An empty one. */
export function createSecretStore(): SecretStore {
  const secrets = new Map<string, Secret>();
  return {
    replace(secretId, values, createdAt) {
      const secret: Secret = { versions: new Map(), stages: new Map() };
      for (const [stage, value] of Object.entries(values)) {
        if (value === undefined) continue;
        const id = randomUUID();
        secret.versions.set(id, { id, value, createdAt });
        secret.stages.set(stage, id);
      }
      secrets.set(secretId, secret);
    },

    has: (secretId) => secrets.has(secretId),

    read(secretId, stage) {
      const secret = secrets.get(secretId);
      return secret?.versions.get(secret.stages.get(stage) ?? "");
    },

    stagesOf(secretId, versionId) {
      const stages = [...(secrets.get(secretId)?.stages ?? [])];
      return stages.filter(([, id]) => id === versionId).map(([stage]) => stage);
    },

    add(secretId, version) {
      const secret = secrets.get(secretId);
      const known = secret?.versions.get(version.id);
      if (known !== undefined) return known.value === version.value ? known : undefined;
      const replaced = secret?.stages.get("AWSCURRENT");
      if (replaced !== undefined) secret?.stages.set("AWSPREVIOUS", replaced);
      secret?.versions.set(version.id, version);
      secret?.stages.set("AWSCURRENT", version.id);
      return version;
    },
  };
}
