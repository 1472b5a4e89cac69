const minutesIn: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };
/** The schedule's own flexible window. */
const shortest = 15;
/** An alarm has to look back on twice the interval, and can look back on a week. */
const longest = 3 * 24 * 60;

/**
 * The minutes of a rate as EventBridge Scheduler takes it, e.g. 360 for `rate(6 hours)`; undefined when it is none, or
 * shorter than 15 minutes, or longer than 3 days.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
 */
export function intervalMinutes(rate: string): number | undefined {
  const [, count, unit = ""] = /^rate\(([1-9]\d{0,4}) (minute|hour|day)s?\)$/.exec(rate) ?? [];
  const minutes = Number(count) * (minutesIn[unit] ?? 0);
  return minutes >= shortest && minutes <= longest ? minutes : undefined;
}
