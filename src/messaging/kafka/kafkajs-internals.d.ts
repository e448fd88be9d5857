declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** kafkajs keeps it to itself; only its timer is replaced. */
  export default class RequestQueue {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type { GroupDescriptions } from 'kafkajs';

  /** One connection to a broker; `leaveGroup` is not offered by the admin client. */
  export default class Broker {
    describeGroups(request: { groupIds: string[] }): Promise<GroupDescriptions>;
    leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
  }
}
