import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { PROBLEM_TYPE } from './problem.js';
import { PROBLEM_STATUS } from './problem-status.js';

const KNOWN: Readonly<Record<string, [code: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The URL and the headers together are larger than 16 KiB: shorten them.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive in full in time: send it again.'],
};

/** Answers what is not even a request: there is no route, no filter, and only the socket to write to. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const [code, detail] = KNOWN[String(error.code)] ?? ['bad_request', 'This is not a request of HTTP/1.1: correct it.'];
  const status = PROBLEM_STATUS[code] ?? 400;
  const title = STATUS_CODES[status] ?? '';
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
