// Vectors of texts. The client asks for base64 by itself; float gives the same numbers.
import assert from 'node:assert';
import OpenAI from 'openai';

const client = new OpenAI();
const model = process.env.EMBEDDING_MODEL ?? 'minilm';
const input = ['A boat on the river.', 'A ship upon the stream.', 'Stock prices fell.'];

const {data, usage} = await client.embeddings.create({model, input});
const [boat, ship, stocks] = data.map(({embedding}) => embedding);
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

console.log(`${boat.length} dimensions, ${usage.prompt_tokens} tokens`);
console.log(`boat and ship ${dot(boat, ship).toFixed(2)}, boat and stocks ${dot(boat, stocks).toFixed(2)}`);
assert(dot(boat, ship) > dot(boat, stocks));

const numbers = await client.embeddings.create({model, input, encoding_format: 'float'});
assert.deepStrictEqual(numbers.data.map(({embedding}) => Array.from(embedding)), [boat, ship, stocks].map((each) => Array.from(each)));
console.log('base64 and float are the same vectors');
