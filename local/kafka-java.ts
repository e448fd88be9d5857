import fs from 'node:fs';
import path from 'node:path';
import { findJava, type Java, NEEDED_JAVA } from './java.js';
import { jarFolder } from './kafka-jars.js';
import { Problem } from './problem.js';

/** What it takes to start a broker's JVM. */
export interface BrokerFiles {
  java: Java;
  /** The jars in a fixed order: the class data archive is only valid for the very same class path. */
  classPath: string;
}

/** @throws Problem when there is no Java, or only an old one. */
export async function brokerFiles(): Promise<BrokerFiles> {
  const java = await findJava();
  if (!java || java.major < NEEDED_JAVA) throw javaProblem(java);
  const folder = jarFolder();
  const jars = fs.readdirSync(folder).filter((name) => name.endsWith('.jar'));
  return {
    java,
    classPath: jars
      .sort()
      .map((jar) => path.join(folder, jar))
      .join(path.delimiter),
  };
}

/** One sentence for a Java that is missing or too old. */
export function javaProblem(java: Java | undefined): Problem {
  const found = java ? `Java ${java.major} is too old for Kafka` : 'Kafka needs Java and none was found';
  const ways = `install Java ${NEEDED_JAVA} or newer and Maven, or Docker, or set KAFKA_BROKERS`;
  return new Problem(
    'no_java',
    `${found}: ${ways}; COMM_MODE sync, sync-after-commit and async-local need none of it.`,
  );
}

const LOGGING = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
];

/** The JVM's flags, with the class data archive if there is one: it halves the time to start. */
export function javaFlags(archive: string): string[] {
  const small = ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  return [...small, ...(fs.existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : []), ...LOGGING];
}

/** The archive lies beside the jars, one for each Java. */
export const archiveFile = ({ java }: BrokerFiles) => path.join(jarFolder(), `classes-java-${java.version}.jsa`);
