import net from 'node:net';

/**
 * Whether something that speaks Kafka answers at `host:port`. A port that accepts is not enough: a frozen broker's
 * does too, so this asks which versions it speaks (ApiVersions, version 0) and waits for the answer to that question.
 */
export function kafkaAnswers(broker: string, timeoutMs: number): Promise<boolean> {
  const at = broker.lastIndexOf(':');
  const socket = net.connect({ host: broker.slice(0, at), port: Number(broker.slice(at + 1)) });
  return new Promise((resolve) => {
    const finish = (answer: boolean) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const limit = setTimeout(finish, timeoutMs, false);
    let answer = Buffer.alloc(0);
    socket.on('connect', () => socket.write(QUESTION));
    socket.on('data', (data) => {
      answer = Buffer.concat([answer, data]);
      if (answer.length >= 8) finish(answer.readInt32BE(4) === CORRELATION);
    });
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
  });
}

const CORRELATION = 0x5715c4;
const QUESTION = question('switchyard');

function question(client: string): Buffer {
  const body = Buffer.alloc(10 + client.length);
  body.writeInt16BE(18, 0); // ApiVersions
  body.writeInt32BE(CORRELATION, 4);
  body.writeInt16BE(client.length, 8);
  body.write(client, 10, 'latin1');
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
