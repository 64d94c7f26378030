; All units of TypeScript.
