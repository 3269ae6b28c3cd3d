"""The small world that builders, histories and golden tests share: its units and people."""

SCHEME = "plant"

BRANCH_X = "u-x"
BRANCH_Y = "u-y"
GROUP_X1 = "u-x1"
GROUP_X2 = "u-x2"
GROUP_Y1 = "u-y1"

ANNA = "m-anna"  # plain members of branch X, group X1
BO = "m-bo"
CHEN = "m-chen"  # probationary, group X2
COMMITTEE = "m-committee"  # committee member of X, without further duties
RECORDER = "m-recorder"  # committee member of X and its recorder
SECRETARY = "m-secretary"  # secretary of X
LEADER = "m-leader"  # leads group X1
DORA = "m-dora"  # plain member of branch Y
SECRETARY_Y = "m-secretary-y"

SPECIALIST = "m-specialist"  # for the whole plant
UPPER = "m-upper"  # officers of the plant
UPPER_TWO = "m-upper-two"

PANEL_X = ("m-panel-1", "m-panel-2", "m-panel-3", "s-panel-4", "s-panel-5")
PANEL_Y = ("m-panel-y1", "m-panel-y2", "s-panel-y3")
QUORUM = PANEL_X[:3]

UNITS = (
    (BRANCH_X, "branch", SCHEME),
    (BRANCH_Y, "branch", SCHEME),
    (GROUP_X1, "group", BRANCH_X),
    (GROUP_X2, "group", BRANCH_X),
    (GROUP_Y1, "group", BRANCH_Y),
)
CLASSES = {BRANCH_Y: "office"}  # its catalogue has no team building (C05)
HOMES = {
    BRANCH_X: (ANNA, BO, CHEN, COMMITTEE, RECORDER, SECRETARY, LEADER, *PANEL_X[:3]),
    BRANCH_Y: (DORA, SECRETARY_Y, *PANEL_Y[:2]),
}
GROUPS = {GROUP_X1: (ANNA, BO, LEADER), GROUP_X2: (CHEN,), GROUP_Y1: (DORA,)}
STAFF = (SPECIALIST, UPPER, UPPER_TWO, *PANEL_X[3:], PANEL_Y[2])
# His checklist has four lines (A03).
TASKS = {(RECORDER, "committee"): "organisation"}
POSTS = (
    (COMMITTEE, "committee", BRANCH_X),
    (RECORDER, "committee", BRANCH_X),
    (RECORDER, "recorder", BRANCH_X),
    (SECRETARY, "secretary", BRANCH_X),
    (LEADER, "group_leader", GROUP_X1),
    (SECRETARY_Y, "secretary", BRANCH_Y),
    (SECRETARY_Y, "recorder", BRANCH_Y),
    (SPECIALIST, "specialist", SCHEME),
    (UPPER, "upper", SCHEME),
    (UPPER_TWO, "upper", SCHEME),
)
