import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Carrier } from './carrier.js';
import { FirstAnswers } from './first-answers.js';
import { serve } from './http.js';
import { Knobs } from './knobs.js';
import { Ledger } from './ledger.js';
import { Mailbox } from './mailbox.js';
import { Payments } from './payments.js';
import { carrierRoutes, deskRoutes, paymentRoutes } from './routes.js';
import { startSmtp } from './smtp.js';

export interface StandInOptions {
  /** Holds the ledger; made when missing, read back when there. */
  dir: string;
  /** Wanted ports; free ones when left out. */
  ports?: { http?: number; smtp?: number };
  host?: string;
  /** False leaves the mail server out. */
  smtp?: boolean;
}

export interface StandIns {
  paymentUrl: string;
  carrierUrl: string;
  /** Empty when the mail server was left out. */
  smtpUrl: string;
  mailboxUrl: string;
  ports: { http: number; smtp?: number };
  close(): Promise<void>;
}

/** The outside world on loopback: a payment provider, a carrier and a mailbox that speak the real protocols. */
export async function startStandIns(options: StandInOptions): Promise<StandIns> {
  const host = options.host ?? '127.0.0.1';
  const ledger = await Ledger.open(options.dir);
  const knobs = new Knobs();
  const mailbox = new Mailbox(ledger);
  const answers = new FirstAnswers(ledger);
  const routes = [
    ...paymentRoutes(new Payments(answers, knobs, ledger), knobs),
    ...carrierRoutes(new Carrier(answers, ledger), knobs),
    ...deskRoutes(mailbox, knobs, ledger),
  ];
  const server = serve(routes).listen(options.ports?.http ?? 0, host);
  await once(server, 'listening');
  const smtp = options.smtp === false ? undefined : await startSmtp(mailbox, knobs, host, options.ports?.smtp ?? 0);
  const { port } = server.address() as AddressInfo;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host;
  const url = `http://${reachable}:${port}`;
  return {
    paymentUrl: url,
    carrierUrl: url,
    smtpUrl: smtp ? `smtp://${reachable}:${smtp.port}` : '',
    mailboxUrl: url,
    ports: { http: port, smtp: smtp?.port },
    close: async () => {
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), smtp?.close()]);
      await ledger.close();
    },
  };
}
