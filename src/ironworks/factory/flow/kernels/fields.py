"""Where everything stands in the memory of the event kernel, and the codes that stand there.

The kernel works on two arrays, since each array that is passed costs compile time and registers at every call: `m`
(int64) and `x` (float64). `m` begins with globals (G_), then holds one record of E_WIDTH for each entity (stations,
stores, places, operations with repairs last, routings, calendars, crews, skills, fleets, moves, defects, suppliers),
lists of variable length, the events to come, the log, finish times, and the items. An entity or item is known by where
its record begins, so `m[s + ST_IDLE]` reads a column of station s. `x` holds the figures that belong to the lists, at
the same places. Defects in a unit's mask are counted from the first one. -1 means none; times are microseconds.
"""

# Globals.
(G_SEQ, G_HEAP, G_FAR, G_NEAR, G_WINDOW, G_SEQ_NEAR, G_STATUS, G_ITEM_FREE, G_ITEM_HIGH, G_OPS, G_LOG, G_LOG_FROM,
 G_LOG_TO, G_DIRTY, G_DONE, G_STACK, G_PROGRESS, G_STUCK, G_FIN, G_BLOCKED, G_NOW, G_KNOT, G_STORE0, G_PLACE0, G_OP0,
 G_REPAIR0, G_RT0, G_CAL0, G_CR0, G_SK0, G_FL0, G_MV0, G_DF0, G_SU0, G_DIRTY0, G_DONE0, G_STACK0, G_ST0, G_HEAP0,
 G_HEAP_END, G_FAR0, G_LOG0, G_LOG_END, G_FIN_END, G_ITEM_END) = range(45)  # fmt: skip
G_N = 48

# Stations and stores alike: places blocked before them, whether they are to be looked
# at for room, and the stations that must see room here before they start.
Q_HEAD, Q_TAIL, Q_LOOK, Q_BACK0, Q_BACKS = range(5)

# Status of a run.
RUNNING, FINISHED, DEADLOCK, ROOM = range(4)

# Classes of events at one time, in the order in which they act. Transfers and starts follow from them.
C_REPAIR, C_COMPLETION, C_FAILURE, C_SHIFT_END = 0, 1, 3, 4

# Kinds of events.
(E_DONE, E_SETUP, E_FAIL, E_REPAIRED, E_SHIFT_ON, E_SHIFT_OFF, E_ARRIVE, E_PLAN, E_LIMIT, E_REVIEW, E_DELIVER,
 E_TRAVEL, E_CARRIER, E_HEAD, E_INSTALL, E_REMOVE, E_MOVE, E_MOVED, E_HOLD, E_OPEN) = range(20)  # fmt: skip

# Stations.
(ST_IDLE, ST_CAL, ST_DIRTY, ST_LEN0, ST_LEN1, ST_WAIT_STORE, ST_WAIT_SKILL, ST_REASON, ST_SHOWN, ST_FREE0, ST_PLACE0,
 ST_PLACES, ST_SETUPN, ST_HEAD0, ST_HEAD1, ST_TAIL0, ST_TAIL1, ST_CAP, ST_RESERVED, ST_AREA, ST_SINCE, ST_SOURCES,
 ST_SOURCE0, ST_BEFORE, ST_OPS, ST_RANK, ST_FAIL, ST_ATTENDED, ST_FINISH_FIRST, ST_FEEDS, ST_FEED0, ST_INTERRUPT,
 ST_UP, ST_REPAIR, ST_CREW, ST_PRIORITY, ST_SETUP, ST_SETUP0, ST_CYCLIC, ST_SWAP, ST_GROWTH,
 ST_SETUP_KEY) = range(5, 47)  # fmt: skip
ST_N = 47

# How a station is to be looked at: not at all, for any reason, only because people of the skill it lacks are free.
D_NOT, D_ANY, D_PEOPLE = range(3)
#: A station waits for more than one skill.
ANY_SKILL = -2

# Failure modes and what an interruption does to the work.
F_NONE, F_OPERATION, F_TIME = range(3)
I_RESUME, I_RESTART, I_SCRAP = range(3)

# Places; what every operation touches stands together, the times in each state in the middle of it.
(PL_STATION, PL_PHASE, PL_DOWN, PL_INSTALLED, PL_STATE, PL_FAMILY, PL_STAMP, PL_ITEM, PL_OP, PL_SINCE, PL_SINCE_ON,
 PL_WORK, PL_FULL, PL_TO_FAIL, PL_RUNS_OFF, PL_SEIZED, PL_START, PL_START_ON) = range(18)  # fmt: skip
PL_ACC = 18
(PL_FSTAMP, PL_FAILS, PL_DEST, PL_NEXT, PL_UP_KEY, PL_REPAIR_KEY, PL_NEXT_CREW, PL_RESERVED,
 PL_INDEX) = range(28, 37)  # fmt: skip
PL_N = 37

# Phases of a place and its condition.
FREE, SETTING, WORKING_PHASE, HOLDING, CARRIER = range(5)
UP, WAITING, REPAIRING = range(3)

# States (the same numbers as `result.State`).
(S_ABSENT, S_OFF, S_DOWN, S_WAIT_REPAIR, S_SETUP, S_WORKING, S_BLOCKED, S_STARVED, S_WAIT_SKILL, S_WAIT_PART) = range(
    10
)
S_N = 10

# Operations. Routing operations stand together in order; repairs stand after all of them.
(OP_STATION, OP_LAW, OP_LEARN, OP_SKILL, OP_OPERATORS, OP_KIT0, OP_KITS, OP_ARISE0, OP_ARISES, OP_FIND0, OP_FINDS,
 OP_TRAVEL, OP_FLEET, OP_FAMILY, OP_DEST, OP_KEY, OP_DEFECT_KEY, OP_TEST_KEY, OP_ROWS, OP_STARTS, OP_REJECTS,
 OP_FIRST, OP_PASSED, OP_FALSE, OP_TRAVEL_KEY, OP_FACTORS, OP_TRIES, OP_SLOT) = range(28)  # fmt: skip
OP_N = 28

# Routings.
(RT_OP0, RT_OPS, RT_MODE, RT_LIMIT, RT_WIP, RT_OUT, RT_RELEASED, RT_FINISHED, RT_SCRAPPED, RT_LOST, RT_OPEN, RT_CLOSE,
 RT_PLAN0, RT_PLANS, RT_PLAN_AT, RT_PLAN_NEXT, RT_PLAN_PENDING, RT_ARRIVAL, RT_LOSES, RT_KEY, RT_STEP0, RT_STEPS,
 RT_ECN0, RT_ECNS, RT_MOVE, RT_LEAD, RT_AREA, RT_SINCE, RT_RECORD, RT_ARRIVED) = range(30)  # fmt: skip
RT_N = 30
M_SATURATED, M_CONWIP, M_BASE_STOCK, M_ARRIVALS = range(4)

# Items.
(IT_SERIAL, IT_ROUTING, IT_OP, IT_RETURN, IT_MASK, IT_KNOWN, IT_RENEW1, IT_LOOPS, IT_FAR, IT_GENERATION, IT_BORN,
 IT_NEXT, IT_CLASS, IT_RENEW2, IT_RENEW4, IT_CAUSE, IT_HOLD, IT_ROW, IT_TRIES) = range(19)  # fmt: skip
IT_N = 19

# Stores, and suppliers (their allowance is kept per review time).
(SO_CAP, SO_LEVEL, SO_HEAD, SO_TAIL, SO_RESERVED, SO_LOT, SO_LEAD, SO_REVIEW, SO_STEP0, SO_STEPS, SO_SUPPLIER,
 SO_ON_ORDER, SO_ORDERS, SO_LEAD_KEY, SO_WAITERS, SO_SHORT, SO_SHORT_SINCE, SO_AREA, SO_SINCE, SO_CONSUMED,
 SO_DELIVERED, SO_ORDERED, SO_USER0, SO_USERS, SO_FEED0, SO_FEEDS, SO_REVIEWED, SO_FIGURES) = range(5, 33)  # fmt: skip
SO_N = 33

# Calendars, crews, skills, fleets, moves.
CA_ON, CA_I, CA_FIRST, CA_LAST, CA_CUM, CA_BEGIN, CA_WOKE, CA_ST0, CA_STS = range(9)
CA_N = 9
CR_SIZE, CR_BUSY, CR_CAL, CR_HEAD = range(4)
CR_N = 4
SK_PRESENT, SK_USED, SK_STEP0, SK_STEPS, SK_USER0, SK_USERS, SK_AREA = range(7)
SK_N = 7
FL_FREE, FL_HEAD, FL_TAIL = range(3)
FL_N = 3
MV_RT0, MV_RTS, MV_PL0, MV_PLS, MV_IN0, MV_INS, MV_TO0, MV_TOS, MV_EX0, MV_EXS, MV_LAW, MV_KEY, MV_STATE = range(13)
MV_N = 13

DF_RETURN, DF_REPAIR, DF_LOOPS, DF_HOLD, DF_FIGURES, DF_CAUSE0, DF_CAUSES, DF_FOUND, DF_ESCAPED = range(9)
SU_STEP0, SU_STEPS, SU_FIGURES, SU_REVIEWED = range(4)
#: Whole lines of cache.
E_WIDTH = -(-max(ST_N, SO_N, PL_N, OP_N, RT_N) // 8) * 8

# Rows that are resampled: one record per routing, in a list. Its levels are pairs (first row, rows) with the logarithm
# of their scale; rows are counted through all levels.
RW_AT, RW_KEY, RW_GROWTH, RW_MASKS, RW_FIGURES, RW_LEVEL0, RW_LEVELS = range(7)

# Learning: figures that stand together in cf.
LN_LAW, LN_B, LN_AT, LN_M, LN_SCALE, LN_COUNT, LN_PRIOR, LN_GENERATION = range(8)
LN_N = 8
L_NONE, L_CRAWFORD, L_WRIGHT, L_DEJONG = range(4)

# Kinds of log rows.
(K_CREATED, K_STARTED, K_FINISHED, K_INSTALLED, K_REMOVED, K_MEASURED, K_OPENED, K_CLOSED, K_HELD, K_FREED, K_STATE,
 K_OUT, K_SCRAPPED, K_MOVED) = range(14)  # fmt: skip
