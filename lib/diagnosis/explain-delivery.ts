import { isPlainHttp, type Target, tried } from "./target.ts";

/** What the webhook, or whatever is in its place, answered. */
export interface DeliveryAnswer {
  readonly status: number;
  /** A web page, which no webhook of ours answers with. */
  readonly isPage: boolean;
  /** Where a redirect leads: scheme, host and port. */
  readonly redirectsTo: string | undefined;
}

/** Says why a delivery was not taken and what to do about it; undefined when it was. */
export function explainDelivery(answer: DeliveryAnswer, target: Target): string | undefined {
  const words = inWords(answer, target);
  return words === undefined ? undefined : `${words} ${tried("POST", target)}`;
}

function inWords({ status, isPage, redirectsTo }: DeliveryAnswer, target: Target): string | undefined {
  const { setting } = target;
  const whole = "is it whole, as the deployment printed it, with /webhook at its end?";
  if (status >= 300 && status < 400) {
    const where = redirectsTo === undefined ? "" : ` to ${redirectsTo}`;
    const plain = isPlainHttp(target) ? " Or does it say http where it is https?" : "";
    return `${setting} leads to a redirect${where} (${status}), which Bitbucket does not follow: ${whole}${plain}`;
  }
  if (isPage || status === 403 || status === 404 || status === 405) {
    const page = isPage ? " with a page" : "";
    return `what ${setting} leads to answers${page} (${status}), but not as the webhook does: ${whole}`;
  }
  if (status === 401) {
    return (
      "The webhook does not take the signature (401): WEBHOOK_SECRET has to be the secret that it knows, on AWS the value " +
      "of the stack's webhook secret."
    );
  }
  if (status >= 500) {
    return `The webhook is there, but cannot take events for now (${status}): try again later, and look at its log.`;
  }
  return status >= 400 ? `The webhook refuses this event (${status}): the answer says why.` : undefined;
}
