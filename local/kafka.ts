import { findJava, NEEDED_JAVA } from './java.js';
import { javaProblem } from './kafka-java.js';
import { fetchJars, haveJars, haveMaven, type OnProgress } from './kafka-jars.js';

export { type Broker, type BrokerOptions, startBroker } from './kafka-broker.js';
export { kafkaAnswers } from './kafka-probe.js';

/**
 * Makes sure that a broker can be started: a Java that is new enough, and the jars (44 MB, once for each user).
 * @throws Problem with one sentence that names the fix.
 */
export async function prepareKafka(onProgress: OnProgress = () => {}): Promise<void> {
  const java = await findJava();
  if (!java || java.major < NEEDED_JAVA) throw javaProblem(java);
  await fetchJars(onProgress);
}

export type KafkaAvailable = { ok: true } | { ok: false; sentence: string };

/** Whether `prepareKafka` has what it needs on this machine, without fetching anything. */
export async function kafkaAvailable(): Promise<KafkaAvailable> {
  const [java, maven] = await Promise.all([findJava(), haveJars() || haveMaven()]);
  if (!java || java.major < NEEDED_JAVA) return { ok: false, sentence: javaProblem(java).message };
  if (!maven)
    return {
      ok: false,
      sentence: 'Kafka has to be fetched once and Maven is not installed: install Maven, or set KAFKA_BROKERS.',
    };
  return { ok: true };
}
