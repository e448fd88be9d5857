/**
 * Names of subscribers that are gone: a module was removed, or its `@Subscriber` has another name now. What they have
 * parked stays where it is, and nothing waits for it: neither `settled` nor a change of COMM_MODE.
 */
export const RETIRED_SUBSCRIBERS: readonly string[] = [];
