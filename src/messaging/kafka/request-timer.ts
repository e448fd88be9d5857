import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const CHECK_EVERY_MS = 10;

/**
 * kafkajs 2.2.4 sets a negative time-out after each check, an endless 1 ms timer for each broker connection (issues
 * 1556, 1704, 1751): 3 % of a core, idle. This one is set only while requests wait.
 */
export function quietRequestTimer(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const throttledFor = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledFor > 0 ? throttledFor : CHECK_EVERY_MS,
    );
  };
}
