select case when age < 30 then '< 30' when age < 50 then '30 – 50' when age >= 50 then '≥ 50' end, max(amount), min(amount)
from sales left join (select * from customer where valid_until is null) c using (customer_id)
group by 1
