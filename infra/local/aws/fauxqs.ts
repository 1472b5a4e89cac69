import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";

/** fauxqs takes characters beyond U+FFFF, such as emoji, for invalid ones. SQS does not. */
export async function takeEveryCharacter(): Promise<void> {
  const fauxqs = pathToFileURL(findPackageJSON("fauxqs", import.meta.url) ?? "");
  const { INVALID_MESSAGE_BODY_CHAR } = (await import(new URL("dist/sqs/sqsTypes.js", fauxqs).href)) as {
    INVALID_MESSAGE_BODY_CHAR: RegExp;
  };
  const invalid = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
  INVALID_MESSAGE_BODY_CHAR.test = (text) => invalid.test(text);
}
