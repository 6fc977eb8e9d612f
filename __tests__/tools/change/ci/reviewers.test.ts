import { checkReviewers } from '../../../../tools/change/ci/reviewers';

const PROPS = { api: 'https://api.example', repository: 'us/ours', token: 't', environment: 'at-risk' };

describe('whether an environment has reviewers', () => {
  const answering = (status: number, body: object) =>
    jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  afterEach(() => jest.restoreAllMocks());

  it('is fine where somebody must approve', async () => {
    const fetched = answering(200, {
      protection_rules: [{ type: 'branch_policy' }, { type: 'required_reviewers', reviewers: [{}] }],
    });

    await expect(checkReviewers(PROPS)).resolves.toBeUndefined();
    expect(fetched).toHaveBeenCalledWith(
      'https://api.example/repos/us/ours/environments/at-risk',
      expect.anything(),
    );
  });

  it.each([
    ['GitHub has no such environment', 404, { message: 'Not Found' }],
    ['nobody must approve', 200, { protection_rules: [{ type: 'wait_timer' }] }],
    ['it has no rules', 200, {}],
  ])('is an error that says how, where %s', async (_, status, body) => {
    answering(status, body);

    await expect(checkReviewers(PROPS)).rejects.toThrow('environment at-risk required reviewers');
  });
});
