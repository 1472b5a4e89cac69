import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSigned, sign } from "../../lib/bitbucket/signature.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
// RFC 4231, test case 2.
const known = {
  secret: "Jefe",
  body: bytes("what do ya want for nothing?"),
  hex: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
};
const secretText = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text.isWellFormed());

describe("a body is signed", () => {
  it("when the published example says so", () => {
    expect(isSigned(known.body, `sha256=${known.hex}`, [known.secret])).toBe(true);
    expect(sign(known.body, known.secret)).toBe(`sha256=${known.hex}`);
  });

  it("when the digits are upper-case", () => {
    expect(isSigned(known.body, `sha256=${known.hex.toUpperCase()}`, [known.secret])).toBe(true);
  });

  it("when any one of the secrets fits, wherever it stands", () => {
    const signature = `sha256=${known.hex}`;
    expect(isSigned(known.body, signature, [known.secret, "new"])).toBe(true);
    expect(isSigned(known.body, signature, ["new", known.secret])).toBe(true);
    expect(isSigned(known.body, signature, ["", known.secret, "x"])).toBe(true);
  });

  it("by nobody when the secret is empty", () => {
    expect(isSigned(known.body, sign(known.body, ""), [""])).toBe(false);
  });

  it("over any bytes and with any secret, be they text or not", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), secretText, (body, secret) => {
        const hex = createHmac("sha256", Buffer.from(secret, "utf8")).update(body).digest("hex");
        expect(sign(body, secret)).toBe(`sha256=${hex}`);
        expect(isSigned(body, `sha256=${hex}`, [secret])).toBe(true);
      }),
    );
  });

  it("as a text is signed by its UTF-8 bytes", () => {
    expect(sign('{"a":"ü€😀"}', "gehëim")).toBe(sign(bytes('{"a":"ü€😀"}'), "gehëim"));
  });

  it("when it is empty and signed as such", () => {
    expect(isSigned(bytes(""), sign("", "s"), ["s"])).toBe(true);
  });
});

describe("a body is not signed", () => {
  const good = `sha256=${known.hex}`;
  const sha1 = createHmac("sha1", known.secret).update(known.body).digest("hex");
  const plain = createHmac("sha256", "").update(known.body).digest("hex");

  it.each<[string, string | undefined]>([
    ["no signature", undefined],
    ["an empty one", ""],
    ["the name of the hash alone", "sha256="],
    ["the digits alone", known.hex],
    ["a truncated one", good.slice(0, -1)],
    ["one that is cut to whole bytes", good.slice(0, -2)],
    ["one that is too long", `${good}0`],
    ["one with a line break behind", `${good}\n`],
    ["one of two", `${good},${good}`],
    ["one that is not hex", `sha256=${"g".repeat(64)}`],
    ["sha1", `sha1=${sha1}`],
    ["sha1 called sha256", `sha256=${sha1}`],
    ["sha512's name", `sha512=${known.hex}`],
    ["base64", `sha256=${Buffer.from(known.hex, "hex").toString("base64")}`],
  ])("by %s", (_, signature) => {
    expect(isSigned(known.body, signature, [known.secret])).toBe(false);
  });

  it("by another site's secret", () => {
    expect(isSigned(known.body, good, ["jefe"])).toBe(false);
    expect(isSigned(known.body, good, ["Jefe "])).toBe(false);
  });

  it("when there is no secret, or an empty one, even if it was used to sign", () => {
    expect(isSigned(known.body, good, [])).toBe(false);
    expect(isSigned(known.body, `sha256=${plain}`, [""])).toBe(false);
    expect(isSigned(known.body, `sha256=${plain}`, [])).toBe(false);
  });

  it("when a single bit of the body or of the signature is another", () => {
    const body = fc.uint8Array({ minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(body, secretText, fc.nat(), fc.nat(255), fc.nat(7), (original, secret, at, place, bit) => {
        const signature = sign(original, secret);
        const changed = Uint8Array.from(original);
        const index = at % changed.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        expect(isSigned(changed, signature, [secret])).toBe(false);

        const digest = Buffer.from(signature.slice("sha256=".length), "hex");
        digest[place % 32] = (digest[place % 32] ?? 0) ^ (1 << bit);
        expect(isSigned(original, `sha256=${digest.toString("hex")}`, [secret])).toBe(false);
      }),
    );
  });

  it("when the same JSON was written another way", () => {
    const signature = sign('{"a": 1}', "s");
    expect(isSigned(bytes('{"a":1}'), signature, ["s"])).toBe(false);
  });
});
