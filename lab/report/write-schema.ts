import { projectRoot } from '../../local/folders.js';
import { writeSchema } from './result-schema.js';

/** `npm run build && node dist/lab/report/write-schema.js`: writes the JSON Schema of the results anew. */
console.log(writeSchema(projectRoot()));
