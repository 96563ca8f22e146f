import assert from 'node:assert/strict';
import {test} from 'node:test';
import {connect, fresh} from './stack.js';

fresh();
const {embeddings} = connect();
const request = {model: 'hash-embedding', input: ['one', 'two', 'three']};

test('what the client asks for by itself is what it gets as numbers', async () => {
  const found = await embeddings.create(request);
  const asked = await embeddings.create({...request, encoding_format: 'float'});
  assert.deepEqual(
    found.data.map(({embedding}) => Array.from(embedding)),
    asked.data.map(({embedding}) => embedding),
  );
  assert.deepEqual(found.data.map(({index}) => index), [0, 1, 2]);
  assert.ok(found.usage.prompt_tokens > 0);
});

test('vectors have as many dimensions as asked for, or are refused', async () => {
  const {data} = await embeddings.create({...request, dimensions: 256});
  assert.equal(data[0].embedding.length, 256);
  await assert.rejects(embeddings.create({...request, dimensions: 7}), {
    status: 400,
    param: 'dimensions',
  });
});

test('a text seen before costs nothing', async () => {
  const input = `seen ${Math.random()}`;
  const cost = async () => {
    const reply = await embeddings.create({...request, input}).asResponse();
    return Number(reply.headers.get('x-weir-cost-microusd'));
  };
  assert.ok((await cost()) > 0);
  assert.equal(await cost(), 0);
});
