import { notSignedIn, RequestError } from "../errors.ts";
import type { HttpAnswer } from "../http/request.ts";

/**
 * Watches that Bitbucket answers us as somebody. Where it has public access, an expired or revoked token is no error: it
 * is answered as nobody, with what is public, and everything else would look deleted.
 */
export interface SignInWatch {
  /**
   * Looks at an answer to a call with credentials.
   * @param isDenial whether it says that something is not allowed, which nobody hears, too
   * @throws RequestError when nobody is signed in (any more)
   */
  seen(answer: HttpAnswer, isDenial: boolean): Promise<void>;
  /** False for an answer to nobody where the others name us: it says nothing about what there is. */
  isForUs(answer: HttpAnswer): boolean;
  /** @throws RequestError while it is known that nobody is signed in */
  check(): void;
  /** Asks Bitbucket itself where answers do not name the user. @throws RequestError when nobody is signed in */
  confirm(): Promise<void>;
}

/** After so long, in ms, a lost sign-in is looked at anew: a token may have been renewed. */
const pauseMs = 60_000;

/**
 * @param settings the names of the settings that hold the credentials
 * @param whoami the name that Bitbucket calls us by: empty for nobody, undefined where it does not say
 * @param now epoch ms
 */
export function createSignInWatch(
  settings: string,
  whoami: () => Promise<string | undefined>,
  now = Date.now,
): SignInWatch {
  /** Answers to us carry the user's name; those of project and repository tokens may not. */
  let namesUs = false;
  let asked: Promise<string | undefined> | undefined;
  let lostAt: number | undefined;
  let confirmed = false;

  function lost(): RequestError {
    lostAt = now();
    return refusal(settings);
  }

  const isForUs = ({ headers }: HttpAnswer) => !namesUs || (headers.get("x-ausername") ?? "") !== "";

  async function confirm(): Promise<void> {
    asked ??= whoami();
    const pending = asked;
    try {
      if ((await pending) === "") throw lost();
    } finally {
      if (asked === pending) asked = undefined;
    }
  }

  return {
    isForUs,
    async seen(answer, isDenial) {
      if ((answer.headers.get("x-ausername") ?? "") !== "") {
        namesUs = true;
        lostAt = undefined;
        return;
      }
      if (namesUs && answer.status < 300) throw lost();
      // A proxy's answer does not name us, either.
      if (confirmed && !namesUs && !isDenial) return;
      await confirm();
      confirmed = true;
    },
    check() {
      if (lostAt === undefined) return;
      if (now() - lostAt < pauseMs) throw refusal(settings);
      lostAt = undefined;
      confirmed = false;
    },
    async confirm() {
      if (!namesUs) await confirm();
    },
  };
}

function refusal(settings: string): RequestError {
  return new RequestError(
    { service: "bitbucket", operation: "any call", code: notSignedIn },
    `it answers as to nobody: the login of ${settings} is not accepted any more, has it expired or been revoked?`,
  );
}
