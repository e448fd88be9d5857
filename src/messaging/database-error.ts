interface DriverError {
  code?: unknown;
  message?: string;
  driverError?: { code?: unknown; message?: string };
}

/** The SQLSTATE, or Node's code of a broken connection, of an error that came from PostgreSQL's driver. */
export function sqlState(error: unknown): string | undefined {
  const { driverError, code } = (error ?? {}) as DriverError;
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : undefined;
}

// 08 connection, 57P0x shutdown, 53 resources; the messages are those of pg and its pool, which set no code.
const GONE_CODE = /^(08...|57P0.|53...|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)$/;
const GONE_MESSAGE =
  /timeout exceeded when trying to connect|timeout expired|connection terminated|connection ended|client was closed|client has encountered a connection error|query read timeout|driver not connected|not queryable|query runner already released|connection is not established/i;

/** True when PostgreSQL cannot be reached or has no room: the work is not at fault and can be done later. */
export function databaseGone(error: unknown): boolean {
  const { driverError, message } = (error ?? {}) as DriverError;
  const code = sqlState(error);
  if (code && GONE_CODE.test(code)) return true;
  return GONE_MESSAGE.test(driverError?.message ?? message ?? '');
}

/** Aborted by PostgreSQL for the sake of others (deadlock, serialization, lock time-out): worth another run at once. */
export const abortedForOthers = (error: unknown): boolean =>
  ['40001', '40P01', '55P03'].includes(sqlState(error) ?? '');
