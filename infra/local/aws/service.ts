/** The parts of serverless.yml and of what it includes that the local stack plays. */
export interface Service {
  readonly name: string;
  readonly stage: string;
  readonly region: string;
  readonly queues: Readonly<Record<string, Properties>>;
  readonly eventSources: readonly EventSourceMapping[];
}

export type Properties = Readonly<Record<string, unknown>>;

/** An `sqs` event of a function, with AWS's defaults. */
export interface EventSourceMapping {
  /** The function's deployed name, e.g. `bitbucket-port-sync-local-consumer`. */
  readonly functionName: string;
  /** The queue's logical id in infra/queues.yml. */
  readonly queue: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly partialAnswers: boolean;
}
