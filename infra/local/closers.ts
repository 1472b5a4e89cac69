/** What has to be ended, in the reverse of the order in which it was started. */
export interface Closers {
  add(close: () => Promise<unknown> | unknown): void;
  /** Ends everything, however often it is called and whatever fails on the way. */
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
      try {
        await close();
      } catch {
        // What cannot be ended must not keep the rest up.
      }
    }
  }

  return {
    add(close) {
      closers.push(close);
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
