import { conformance } from './conformance.js';

describe('events carried within the process', () => conformance('async-local'));
