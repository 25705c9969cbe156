// The house's own lint rules: what oxlint has no rule for.

const noAmbientTime = {
  create: (context) => {
    const check = (node) => {
      if (node.callee.name === 'Date' && node.arguments.length === 0)
        context.report({ node, message: 'The time comes from the Clock port, once per use case, and is passed down.' });
    };
    return { NewExpression: check, CallExpression: check };
  },
};

const noEnum = {
  create: (context) => ({
    TSEnumDeclaration: (node) =>
      context.report({ node, message: 'Use a union of string literals instead of an enum.' }),
  }),
};

export default {
  meta: { name: 'house' },
  rules: { 'no-ambient-time': noAmbientTime, 'no-enum': noEnum },
};
