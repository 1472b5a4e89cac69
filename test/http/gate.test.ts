import { describe, expect, it } from "vitest";
import { createGate } from "../../lib/http/gate.ts";

/** Tasks that end when they are told to, and a note of who has begun. */
function tasks() {
  const begun: number[] = [];
  const end = new Map<number, (outcome: "well" | "badly") => void>();
  const task = (id: number) => () => {
    begun.push(id);
    return new Promise<number>((resolve, reject) => {
      end.set(id, (outcome) => (outcome === "well" ? resolve(id) : reject(new Error(`task ${id}`))));
    });
  };
  return { begun, task, end: (id: number, outcome: "well" | "badly" = "well") => end.get(id)?.(outcome) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a gate", () => {
  it("lets as many through as it is wide, and the rest in their order", async () => {
    const { begun, task, end } = tasks();
    const gate = createGate(2);
    const all = [1, 2, 3, 4].map((id) => gate(task(id)));
    await settled();
    expect(begun).toEqual([1, 2]);
    end(2);
    await settled();
    expect(begun).toEqual([1, 2, 3]);
    end(1);
    end(3);
    await settled();
    end(4);
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  });

  it("gives a place back after a failure, and passes that on", async () => {
    const { begun, task, end } = tasks();
    const gate = createGate(1);
    const first = gate(task(1));
    const second = gate(task(2));
    end(1, "badly");
    await expect(first).rejects.toThrow("task 1");
    await settled();
    expect(begun).toEqual([1, 2]);
    end(2);
    expect(await second).toBe(2);
    const third = gate(task(3));
    end(3);
    expect(await third).toBe(3);
  });

  it("may be as wide as can be", async () => {
    const { begun, task } = tasks();
    const gate = createGate(Number.POSITIVE_INFINITY);
    for (const id of [1, 2, 3]) void gate(task(id));
    await settled();
    expect(begun).toEqual([1, 2, 3]);
  });
});
