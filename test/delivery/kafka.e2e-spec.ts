import { conformance } from './conformance.js';

describe('events carried by Kafka', () => conformance('async'));
