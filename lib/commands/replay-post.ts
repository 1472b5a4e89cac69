import type { DeliveryAnswer } from "../diagnosis/explain-delivery.ts";
import { explainNetwork } from "../diagnosis/explain-network.ts";
import { type Target, tried } from "../diagnosis/target.ts";
import { ProxyError } from "../errors.ts";
import { networkCode, redirectTarget } from "../http/answer.ts";
import { blameProxy } from "../proxy-failure.ts";
import { userAgent } from "../version.ts";

/** Bitbucket waits no longer, either. ms. */
const timeoutMs = 14_000;

/** Posts a delivery. @throws Error that says why no answer came, and what to do about it */
export async function postDelivery(
  target: Target & { readonly address: string },
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<DeliveryAnswer & { readonly text: string }> {
  const { address } = target;
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json; charset=utf-8", "user-agent": userAgent },
      body: new Uint8Array(body),
      // As for Bitbucket: anything but a 2xx is a failed delivery.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => blameProxy(error, address, "the webhook"));
    const text = await response.text();
    const isPage = /^\s*</.test(text) || /\bhtml\b/.test(response.headers.get("content-type") ?? "");
    const redirectsTo = redirectTarget(response.headers, address);
    return { status: response.status, isPage, redirectsTo, text: isPage ? "(a page)" : text };
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    throw new Error(`${explainNetwork(networkCode(error), target)} ${tried("POST", target)}`);
  }
}
